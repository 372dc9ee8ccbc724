pub(crate) mod grants;
mod relationships;
