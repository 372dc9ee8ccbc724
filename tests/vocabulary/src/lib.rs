//! Tests of all request functions together, of Graph and of Partner Center; they are in `tests/`.
