//! What an explanation foretells is what the service then does.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod case;
#[cfg(test)]
mod dice;
#[cfg(test)]
mod perform;
#[cfg(test)]
mod technicians;
#[cfg(test)]
mod world;
