# home.sh - a home with sample projects, for tests that source it. $top is the repository; LINTEL names the program, unless it is
# the one that `make` builds.
: "${LINTEL:=$top/build/debug/lintel}"
system_path=$PATH

# make_home FOLDER - HOME is then FOLDER, with nothing but the projects of nvim/, under git; the program is on the path, as a
# person has it; and the current folder is project/
make_home() {
    export HOME="$1" XDG_CONFIG_HOME="$1/config" XDG_DATA_HOME="$1/data" XDG_CACHE_HOME="$1/cache" XDG_STATE_HOME="$1/state"
    export LANG=C.UTF-8 PATH="$1/bin:$system_path"
    mkdir -p "$HOME/bin"
    ln -s "$LINTEL" "$HOME/bin/lintel"
    cp -r "$top/tests/editors/nvim/project" "$top/tests/editors/nvim/plain" "$HOME/"
    for project in "$HOME/project" "$HOME/plain"; do
        git -C "$project" init -q
        git -C "$project" add .
        git -C "$project" -c user.name=t -c user.email=t@localhost -c commit.gpgsign=false commit -qm start
    done
    cd "$HOME/project"
}
