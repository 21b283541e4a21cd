# ./portal contracts: writes src/Portal.Contracts/released.txt anew, what portals and agents of the release to come say to each other.
# From then on a test holds later versions to it.

need_dotnet
cd "$PORTAL_HOME"
PORTAL_WRITE_CONTRACTS=1 dotnet test tests/Portal.Link.Tests/Portal.Link.Tests.csproj -c Release -nologo -v q --filter 'FullyQualifiedName~ReleasedContractTests' ||
  die "the contracts could not be written; see above"
say "src/Portal.Contracts/released.txt is what portals and agents say now"
