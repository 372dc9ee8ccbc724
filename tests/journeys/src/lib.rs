//! Journeys of the main job through the facade, on the simulated cloud: what is stored is compared with the world's own
//! truth, row by row. All of it lies in `tests/`; there is nothing to call here.
