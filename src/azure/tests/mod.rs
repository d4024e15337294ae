//! The client against a fake service.

mod api_management;
mod fake_service;
mod operations;
mod responses;
mod retries;
mod secrets;
