//! The migrations are part of the program: a new folder makes it anew.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
