//! Faults of the project's list that are none of the wire: they lie with the caller, the store, the engine or the host.

/// Each with the reason why no answer shows it, in the order of ids.
pub(crate) const BEYOND: &[(&str, &str)] = &[
    (
        "F087",
        "it is the caller that stops reading; the cloud sees fewer requests and nothing else",
    ),
    (
        "F105",
        "a newer build asks for other properties than the one that stored the cursor; answers are as ever",
    ),
    ("F128", "a batch of two tenants is kept from being built at all"),
    (
        "F172",
        "somebody ends the sync of a tenant while it runs; that lies between caller, engine and store",
    ),
    (
        "F173",
        "somebody ends the sync of a tenant and begins it anew; that lies between caller, engine and store",
    ),
    ("F220", "the client's own process is killed"),
    ("F221", "the client's own disk is full or fails"),
    ("F222", "the client's own database is busy"),
    ("F223", "the client's own machine loses power"),
    ("F224", "the client's own database is damaged"),
    ("F226", "the connection to the client's own database is lost"),
    ("F227", "the client's own database fails over"),
    ("F228", "a migration of the client's own database is cut short"),
    (
        "F229",
        "the client's own database comes back from a backup; the tokens in it die by F090 and F135",
    ),
    ("F230", "a worker is paused for longer than its lease"),
    ("F231", "two workers want one tenant"),
    ("F232", "a worker dies and leaves its lease behind"),
    ("F233", "the clock of the client's own machine jumps"),
    ("F234", "a task of the engine panics"),
    ("F235", "a future of the engine is dropped"),
    ("F236", "whoever takes the engine's events is slow or away"),
    (
        "F237",
        "whoever takes the engine's events has an acknowledgement lost",
    ),
    (
        "F238",
        "one tenant is very large among many small ones, which is the size of a world and no script",
    ),
    ("F239", "the client's own process gets a signal to stop"),
    ("F240", "the embedder's own key is missing or changes"),
    (
        "F246",
        "a caller puts signs into a filter; what the cloud is asked shows it, not what it answers",
    ),
    (
        "F247",
        "a caller puts signs into a path; what the cloud is asked shows it, not what it answers",
    ),
];

/// The numbers of all faults on the project's list, from and to. None is ever given to another fault.
#[cfg(test)]
pub(crate) const LISTED: &[(u16, u16)] = &[
    (1, 16),
    (18, 18),
    (20, 44),
    (50, 62),
    (64, 68),
    (70, 87),
    (90, 109),
    (115, 128),
    (130, 160),
    (165, 175),
    (180, 188),
    (190, 200),
    (205, 216),
    (220, 224),
    (226, 240),
    (245, 248),
    (250, 252),
];
