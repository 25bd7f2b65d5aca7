# Holds one temporary PostgreSQL cluster for as long as its standard input stays open.
#
# The other end of that pipe is in the test process. However the process ends - all passed, a panic, kill -9 - the kernel
# closes the pipe, `read` returns, and the server and its directory go. Nothing in the test process has to run for that.
#
# $1: directory of the server's programs   $2: the cluster's own directory, existing and empty
# Prints "ready" once the server takes connections. If it does not get there, the reason is in the file `log`.

programs=$1
directory=$2

remove() {
    "$programs/pg_ctl" stop -s -D "$directory/data" -m immediate
    cd / && rm -rf "$directory"
}
trap remove EXIT
# PIPE: the test process may be gone before it can hear "ready".
trap exit HUP INT PIPE TERM

exec 2>"$directory/log"

make() {
    # The C collation orders text by its bytes, as SQLite does.
    "$programs/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --no-locale --no-sync --wal-segsize=1
}

# Nothing here has to survive a power cut, and nobody outside the directory may connect.
configure() {
    cat >>"$directory/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$directory'
max_connections = 200
shared_buffers = 32MB
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 128MB
autovacuum = off
jit = off
SETTINGS
}

start() {
    "$programs/pg_ctl" start -s -w -D "$directory/data" -l "$directory/log" -o "-p 5432"
}

{ make && configure && start; } >&2 && echo ready
exec >&-
read -r _
