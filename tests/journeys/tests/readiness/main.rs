//! Readiness and all that surrounds it: what `doctor` finds, enrolment, expiry, and the way out.

#[cfg(test)]
mod enrolment;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod nested;
#[cfg(test)]
mod office;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod partner_faults;
#[cfg(test)]
mod thousand;
#[cfg(test)]
mod worlds;
