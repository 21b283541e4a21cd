# ./portal backup|restore FILE --passphrase-file FILE: of the portal that ./portal up runs, or of the database of PORTAL_DB.
export PORTAL_DATA=${PORTAL_DATA:-/var/lib/portal} PORTAL_RUN=${PORTAL_RUN:-/run/portal}
need_root "$command"
export PORTAL_DB=${PORTAL_DB:-Host=$PORTAL_RUN/postgres;Username=postgres;Database=portal}
build_release >&2
exec dotnet "$RELEASE/web/Portal.Web.dll" "$command" "$@"
