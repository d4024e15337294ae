class Apicenter < Formula
  desc "@DESCRIPTION@"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@DOWNLOADS@/@NAME aarch64-apple-darwin@"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@DOWNLOADS@/@NAME x86_64-apple-darwin@"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/@NAME aarch64-unknown-linux-musl@"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@DOWNLOADS@/@NAME x86_64-unknown-linux-musl@"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "apicenter"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/apicenter.bash" => "apicenter"
    zsh_completion.install "completions/_apicenter"
    fish_completion.install "completions/apicenter.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/apicenter --version")
  end
end
