//! The `tenfold` command.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use api::{
    App,
    commands::{Checked, NewOwner, create_owner, rotate_keys, verify_audit},
    config,
    config::{Config, Secret},
    data_folder, demo, logging, openapi,
    problem::Problem,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand};
use domain::{
    confidential::Confidential,
    email::EmailAddress,
    practice::{Handle, PracticeDraft},
};
use store::audit::Verdict;
use zeroize::Zeroizing;

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
    /// Serve a practice to look around in, made up and filled by itself, in a data folder of its own.
    #[command(after_help = config::help())]
    Demo,
    /// Bring the schema of the database up to date.
    #[command(after_help = config::help())]
    Migrate,
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
    /// The owners of practices.
    #[command(subcommand)]
    Owner(OwnerCommand),
    /// The keys of everything that is sealed.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
}

#[derive(Subcommand)]
enum OwnerCommand {
    /// Set up a practice with its first owner.
    Create(CreateOwner),
}

#[derive(Args)]
struct CreateOwner {
    /// What the people of the practice type at sign-in: a to z, 0 to 9 and hyphens.
    #[arg(long)]
    practice_handle: Handle,
    /// What the practice is called on documents.
    #[arg(long)]
    practice_name: String,
    /// Where its days begin and end, for example America/New_York.
    #[arg(long)]
    time_zone: Tz,
    /// What the owner is called.
    #[arg(long)]
    name: String,
    /// How the owner signs in.
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    /// Read the password from the first line of the input; otherwise one is made, and printed once.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Put a new master key in force, and wrap the keys of every practice with it.
    Rotate {
        /// Also give every practice a new data key, which seals from now on.
        #[arg(long)]
        data: bool,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that no row of any practice's trail is missing or altered.
    Verify,
}

fn main() -> ExitCode {
    run(Tenfold::parse().command.unwrap_or(Command::Serve)).unwrap_or_else(|error| {
        // If even the error can't be written, there is nobody to tell.
        let _ = writeln!(io::stderr(), "tenfold: {error}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Serve => serve(Config::from_environment()?)?,
        Command::Demo => demonstrate(Config::for_demo()?)?,
        Command::Migrate => run_migrations(&Config::from_environment()?)?,
        Command::Openapi => writeln!(io::stdout(), "{}", openapi::document().to_pretty_json()?)?,
        Command::Owner(OwnerCommand::Create(owner)) => make_owner(Config::from_environment()?, owner)?,
        Command::Keys(KeysCommand::Rotate { data }) => rotate(Config::from_environment()?, data)?,
        Command::Audit(AuditCommand::Verify) => return verify(Config::from_environment()?),
    }
    Ok(ExitCode::SUCCESS)
}

fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    logging::start(&config.log)?;
    let app = open(config)?;
    let system = actix_web::rt::System::new();
    let is_empty = system.block_on(app.store.practices())?.is_empty();
    greet(&app.config, is_empty)?;
    Ok(system.block_on(api::serve(app))?)
}

/// Tells what was made, and what had better be changed.
fn tell(opened: &data_folder::Opened) -> io::Result<()> {
    let mut out = io::stdout();
    opened.made.iter().try_for_each(|thing| writeln!(out, "made: {thing}"))?;
    opened.warnings.iter().try_for_each(|warning| writeln!(out, "warning: {warning}"))
}

fn greet(config: &Config, is_empty: bool) -> io::Result<()> {
    let (mut out, url) = (io::stdout(), &config.public_url);
    writeln!(out, "Tenfold serves its API at {url}")?;
    writeln!(out, "  documentation    {url}/docs")?;
    if is_empty {
        writeln!(out, "There is no practice yet.")?;
        writeln!(out, "  to set up yours  tenfold owner create --practice-handle HANDLE --practice-name NAME \\")?;
        writeln!(out, "                     --time-zone America/New_York --name 'YOUR NAME' --email YOU@EXAMPLE.ORG")?;
        writeln!(out, "  to look around   tenfold demo, which keeps to a data folder of its own")?;
    }
    Ok(())
}

fn demonstrate(config: Config) -> Result<(), Box<dyn Error>> {
    logging::start(&config.log)?;
    let app = open(config)?;
    let system = actix_web::rt::System::new();
    let (demo, is_new) = system.block_on(demo::open(&app))?;
    let mut out = io::stdout();
    if is_new {
        writeln!(out, "made: a practice with five people, three couples and twelve weeks of their work")?;
    }
    greet(&app.config, false)?;
    writeln!(out, "{}", demo.introduction(&app.config.public_url))?;
    Ok(system.block_on(api::serve(app))?)
}

fn run_migrations(config: &Config) -> Result<(), Box<dyn Error>> {
    let opened = data_folder::open(config)?;
    tell(&opened)?;
    Ok(writeln!(io::stdout(), "the schema is up to date")?)
}

fn open(config: Config) -> Result<App, Box<dyn Error>> {
    let opened = data_folder::open(&config)?;
    tell(&opened)?;
    Ok(App::open(config, opened.store)?)
}

fn make_owner(config: Config, owner: CreateOwner) -> Result<(), Box<dyn Error>> {
    let CreateOwner { practice_handle, practice_name, time_zone, name, email, password_stdin } = owner;
    let app = open(config)?;
    let password = if password_stdin { first_line()? } else { made_up_password()? };
    let practice = PracticeDraft { handle: practice_handle, name: practice_name, time_zone };
    let owner = NewOwner { practice, name: Confidential::new(name), email, password: password.clone() };
    let (practice, owner) =
        actix_web::rt::System::new().block_on(create_owner(&app, owner)).map_err(|problem| in_words(&problem))?;
    let mut out = io::stdout();
    writeln!(out, "made: the practice {practice} and its owner {owner}")?;
    if !password_stdin {
        writeln!(out, "the password, which is not shown again: {}", password.expose())?;
    }
    Ok(())
}

fn in_words(problem: &Problem) -> String {
    let fields = problem.errors().iter().map(|error| format!("; {} {}", error.pointer, error.detail));
    format!("{problem}{}", fields.collect::<String>())
}

fn first_line() -> io::Result<Secret> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

fn made_up_password() -> Result<Secret, Box<dyn Error>> {
    let mut random = Zeroizing::new([0; 15]);
    getrandom::fill(&mut *random).map_err(|error| format!("no random numbers: {error}"))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(*random)))
}

fn rotate(config: Config, with_data_keys: bool) -> Result<(), Box<dyn Error>> {
    let in_file = data_folder::rotate_master_key(&config)?;
    let app = open(config)?;
    let practices = actix_web::rt::System::new().block_on(rotate_keys(&app, with_data_keys))?;
    let mut out = io::stdout();
    writeln!(out, "the keys of {practices} practices are wrapped with the newest master key")?;
    if in_file {
        writeln!(out, "keep a copy of the file of master keys elsewhere, and the older keys as long as the backups")?;
    }
    Ok(())
}

fn verify(config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let app = open(config)?;
    let mut code = ExitCode::SUCCESS;
    for Checked { practice, verdict } in actix_web::rt::System::new().block_on(verify_audit(&app))? {
        match verdict {
            Verdict::Whole(rows) => writeln!(io::stdout(), "{practice}: whole, {rows} rows")?,
            Verdict::Broken(row) => {
                writeln!(io::stdout(), "{practice}: BROKEN at row {row}")?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
