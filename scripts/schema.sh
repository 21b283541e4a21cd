# ./portal schema: writes db/schema.sql anew from the migrations, on a private PostgreSQL that ends with it.

need_root "schema"
need_dotnet
install_packages "${PACKAGES_RUN[@]}"
cd "$PORTAL_HOME"
PORTAL_WRITE_SCHEMA=1 dotnet test tests/Portal.Data.Tests/Portal.Data.Tests.csproj -nologo -v q --filter 'FullyQualifiedName~AllMigrationsApplied' ||
  die "the schema could not be written; see above"
say "db/schema.sql is what the migrations make now"
