mod grants;
mod relationships;
