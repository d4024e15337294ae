//! What the server can do, as it says to the editor.

use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DidChangeWatchedFilesRegistrationOptions, ExecuteCommandOptions,
    FileSystemWatcher, FoldingRangeProviderCapability, GlobPattern, HoverProviderCapability,
    InitializeParams, OneOf, PositionEncodingKind, Registration, RegistrationParams, RenameOptions,
    SaveOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
};

use crate::editor::lenses::REFRESH;

/// What the server can do.
pub(super) fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(PositionEncodingKind::UTF16),
        text_document_sync: Some(TextDocumentSyncCapability::Options(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(
                    SaveOptions::default(),
                )),
                ..TextDocumentSyncOptions::default()
            },
        )),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([" ", ":", "{", "/", "-"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(false),
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![REFRESH.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

/// Whether the editor can be asked to fetch lenses again.
pub(super) fn can_refresh_lenses(params: &InitializeParams) -> bool {
    let workspace = params.capabilities.workspace.as_ref();
    let lens = workspace.and_then(|workspace| workspace.code_lens.as_ref());
    lens.is_some_and(|lens| lens.refresh_support == Some(true))
}

/// The name of the request that asks the editor to report changes of files.
pub(super) const WATCH: &str = "workspace/didChangeWatchedFiles";

/// Asks to report changes of every file, because any can be a part of a description; `None` if the editor cannot.
pub(super) fn watching(params: &InitializeParams) -> Option<RegistrationParams> {
    let workspace = params.capabilities.workspace.as_ref()?;
    let watching = workspace.did_change_watched_files?;
    if watching.dynamic_registration != Some(true) {
        return None;
    }
    let options = DidChangeWatchedFilesRegistrationOptions {
        watchers: vec![FileSystemWatcher {
            glob_pattern: GlobPattern::String("**/*".to_owned()),
            kind: None,
        }],
    };
    Some(RegistrationParams {
        registrations: vec![Registration {
            id: WATCH.to_owned(),
            method: WATCH.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        }],
    })
}
