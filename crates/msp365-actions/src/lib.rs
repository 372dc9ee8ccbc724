//! What a technician does to the users of a customer, as plans: shown first, guarded by the rules that the service
//! will apply, run step by step with each step stored before it is sent, and resumed after a crash.
