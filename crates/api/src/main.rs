//! The `tenfold` command.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use api::{App, config, config::Config, data_folder, logging, openapi};
use clap::{Parser, Subcommand};
use store::migrate;

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
    /// Bring the schema of the database up to date.
    #[command(after_help = config::help())]
    Migrate,
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
        Command::Migrate => run_migrations(&Config::from_environment()?),
        Command::Openapi => Ok(writeln!(io::stdout(), "{}", openapi::document().to_pretty_json()?)?),
    }
}

fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    logging::start(&config.log)?;
    let data_folder::Opened { store, made } = data_folder::open(&config)?;
    greet(&config, &made)?;
    let app = App::open(config, store)?;
    Ok(actix_web::rt::System::new().block_on(api::serve(app))?)
}

fn greet(config: &Config, made: &[String]) -> io::Result<()> {
    let mut out = io::stdout();
    for thing in made {
        writeln!(out, "made: {thing}")?;
    }
    let url = &config.public_url;
    writeln!(out, "Tenfold serves its API at {url}")?;
    writeln!(out, "  documentation    {url}/docs")
}

fn run_migrations(config: &Config) -> Result<(), Box<dyn Error>> {
    let run = migrate::migrate(config.database_url.expose())?;
    let mut out = io::stdout();
    for version in &run {
        writeln!(out, "ran {version}")?;
    }
    Ok(writeln!(out, "the schema is up to date")?)
}
