# Reads the formula as Homebrew does on each platform, and installs from an archive of that platform.
#
#   ruby formula.rb FORMULA DIST FOLDER
#
# `Formula` has the part of Homebrew that the formula uses.
require "digest"
require "fileutils"
require "tmpdir"

FORMULA, DIST, FOLDER = ARGV.map { |path| File.expand_path(path) }

class Place
  def initialize(*parts) = @path = File.join(FOLDER, *parts)

  def install(*items)
    FileUtils.mkdir_p(@path)
    items.flatten.each do |item|
      pairs = item.is_a?(Hash) ? item : { item => File.basename(item) }
      pairs.each { |from, to| FileUtils.cp(from, File.join(@path, to)) }
    end
    raise "nothing to install in #{@path}" if items.flatten.empty?
  end
end

class Formula
  class << self
    attr_reader :fields

    def inherited(formula) = Formula.instance_variable_set(:@last, formula)

    def last = Formula.instance_variable_get(:@last)

    %w[desc homepage version license url sha256].each do |field|
      define_method(field) do |value|
        raise "#{field} twice" if (@fields ||= {}).key?(field)
        @fields[field] = value
      end
    end

    { on_macos: 0, on_linux: 0, on_arm: 1, on_intel: 1 }.each do |word, index|
      define_method(word) { |&block| block.call if $platform[index] == word }
    end

    def test(&block)
      raise "no test" unless block
    end
  end

  def bin = Place.new("bin")
  def man1 = Place.new("man1")
  def bash_completion = Place.new("bash")
  def zsh_completion = Place.new("zsh")
  def fish_completion = Place.new("fish")
end

[%i[on_macos on_arm], %i[on_macos on_intel], %i[on_linux on_arm], %i[on_linux on_intel]].each do |platform|
  $platform = platform
  load FORMULA, true
  fields = Formula.last.fields
  archive = File.join(DIST, File.basename(fields.fetch("url")))
  raise "another checksum for #{platform}" if Digest::SHA256.file(archive).hexdigest != fields.fetch("sha256")
  FileUtils.rm_rf(FOLDER)
  Dir.mktmpdir do |work|
    system("tar", "-xzf", archive, "-C", work, "--strip-components=1", exception: true)
    Dir.chdir(work) { Formula.last.new.install }
  end
  puts "#{platform.join(" ")} #{File.basename(archive)}"
end
