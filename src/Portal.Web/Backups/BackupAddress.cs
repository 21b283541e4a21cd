using Portal.Web.Backups.S3;
using Portal.Web.Backups.Stores;

namespace Portal.Web.Backups;

/// <summary>
/// Where a command says that a backup is: a file, or <c>s3://BUCKET/NAME</c> with what programs for S3 read from the environment.
/// </summary>
/// <param name="Store">Where it is kept; whose owner the caller is.</param>
/// <param name="Name">Its name there; empty when the address ends in a slash.</param>
internal sealed record BackupAddress(IBackupStore Store, string Name)
{
    private const string Scheme = "s3://";

    public static bool IsStorage(string address) => address.StartsWith(Scheme, StringComparison.Ordinal);

    /// <param name="address">As it was given.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="S3Exception">Something is wrong with it, or the credentials are missing.</exception>
    public static BackupAddress Parse(string address, Func<string, string?> variable)
    {
        if (!IsStorage(address))
        {
            var path = Path.GetFullPath(address);
            return new BackupAddress(new FolderStore(Path.GetDirectoryName(path) ?? "/"), Path.GetFileName(path));
        }

        var parts = address[Scheme.Length..].Split('/', 2);
        var key = parts.Length == 2 ? parts[1] : "";
        var slash = key.LastIndexOf('/') + 1;
        var region = First(variable, "AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1";
        var given = First(variable, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
        var endpoint = given is null ? S3Bucket.EndpointOf(region)
            : Uri.TryCreate(given, UriKind.Absolute, out var parsed) ? parsed
            : throw new S3Exception($"'{given}' is no address of an endpoint.");
        var bucket = new S3Bucket(endpoint, region, parts[0]);
        var credentials = new S3Credentials(
            First(variable, "AWS_ACCESS_KEY_ID") ?? "", First(variable, "AWS_SECRET_ACCESS_KEY") ?? "",
            First(variable, "AWS_SESSION_TOKEN") ?? "");
        if (credentials.AccessKey.Length == 0 || credentials.SecretKey.Length == 0)
        {
            throw new S3Exception("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: the storage asks who you are.");
        }

        if ((bucket.Problem() ?? S3Bucket.ProblemOf(key)) is { } problem)
        {
            throw new S3Exception(problem);
        }

        // The caller is who runs the command: what they may reach is theirs to say.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var store = new S3Store(new S3Client(bucket, credentials, http, TimeProvider.System), parts[0], key[..slash]);
        return new BackupAddress(store, key[slash..]);
    }

    private static string? First(Func<string, string?> variable, params string[] names) =>
        names.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
