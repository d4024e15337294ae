//! Which resources a project declares, for what needs to know no more of its manifests.

use std::sync::Arc;

use super::loaded::LoadedProject;
use crate::manifest;
use crate::model::{Address, Declared, Sources};

impl LoadedProject {
    /// Which resources the manifests declare, and the texts that its places are in. If only the settings were read, the
    /// first call reads the manifests, and others wait for it.
    #[must_use]
    pub fn declared(&self) -> (Arc<Declared>, &Sources) {
        if !self.load_options.settings_only {
            return (Arc::new(Declared::from(&self.desired)), &self.sources);
        }
        let (declared, sources) = self.declared.get_or_init(|| {
            let mut sources = self.sources.clone();
            let declared = match self.settings_are_valid() {
                true => manifest::declared(self.request(), &mut sources),
                false => Declared::default(),
            };
            let count = declared.resources.len();
            tracing::info!(root = %self.files.root().display(), resources = count, "read what the manifests declare");
            (Arc::new(declared), sources)
        });
        (Arc::clone(declared), sources)
    }

    /// Whether a manifest declares a resource.
    #[must_use]
    pub fn declares(&self, address: &Address) -> bool {
        match self.load_options.settings_only {
            true => self.declared().0.resources.contains_key(address),
            false => self.desired.resources.contains_key(address),
        }
    }
}
