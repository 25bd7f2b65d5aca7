//! The `tenfold` command.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use api::{App, config, config::Config, logging, openapi};
use clap::{Parser, Subcommand};
use store::Store;

/// Practice management for couples counselors.
#[derive(Parser)]
#[command(name = "tenfold", version, after_help = config::help())]
struct Tenfold {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; this is also what happens without a command.
    #[command(after_help = config::help())]
    Serve,
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
}

fn main() -> ExitCode {
    match run(&Tenfold::parse().command.unwrap_or(Command::Serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If even the error can't be written, there is nobody to tell.
            let _ = writeln!(io::stderr(), "tenfold: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Serve => serve(Config::from_environment()?),
        Command::Openapi => Ok(writeln!(io::stdout(), "{}", openapi::document().to_pretty_json()?)?),
    }
}

fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    logging::start(&config.log)?;
    let app = App::open(config, Store {})?;
    Ok(actix_web::rt::System::new().block_on(api::serve(app))?)
}
