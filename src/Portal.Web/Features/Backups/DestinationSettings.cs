using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Web.Backups.S3;

namespace Portal.Web.Features.Backups;

/// <summary>Where a destination is, without its secrets. What its kind has no use for is empty.</summary>
internal sealed record DestinationSettings
{
    private const int LongestPath = 1024;
    private const int LongestKey = 256;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>The folder on the portal's host.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The storage's address; empty for AWS's own in the region.</summary>
    public string Endpoint { get; init; } = "";

    public string Region { get; init; } = "";

    public string Bucket { get; init; } = "";

    /// <summary>What names of backups begin with, such as <c>portal/</c>.</summary>
    public string Prefix { get; init; } = "";

    public string AccessKey { get; init; } = "";

    /// <summary>The bucket's name stands before the host, as AWS alone wants it, and not in the path.</summary>
    public bool BucketInHost { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static DestinationSettings Parse(string json) =>
        JsonSerializer.Deserialize<DestinationSettings>(json, s_json) ?? new DestinationSettings();

    /// <summary>To whom a secret key is given: it is good for nobody else.</summary>
    public string Holder => $"{Endpoint}|{Region}|{Bucket}|{AccessKey}";

    /// <summary>In a line, for people.</summary>
    public string PlaceOf(string kind) => kind == DestinationKind.Folder ? Folder
        : $"s3://{Bucket}/{Prefix}" + (Endpoint.Length > 0 ? $" at {new Uri(Endpoint).Authority}" : $" in {Region}");

    public S3Bucket BucketOf() => new(
        Endpoint.Length > 0 ? new Uri(Endpoint) : S3Bucket.EndpointOf(Region), Region, Bucket, !BucketInHost);

    /// <summary>All that is wrong with it.</summary>
    public IEnumerable<string> Problems(string kind)
    {
        if (kind == DestinationKind.Folder)
        {
            if (Folder.Length is 0 or > LongestPath || !Path.IsPathFullyQualified(Folder) || Folder.Any(char.IsControl)
                || Folder != Path.GetFullPath(Folder) || Folder == "/")
            {
                yield return N("A folder is written in full, as /var/backups/portal.");
            }

            yield break;
        }

        if (Endpoint.Length > 0 && !Uri.TryCreate(Endpoint, UriKind.Absolute, out _))
        {
            yield return N("The endpoint is an address such as https://s3.eu-central-1.amazonaws.com.");
        }
        else if (Region.Length == 0)
        {
            yield return N("Name the region; most storages other than AWS's take us-east-1.");
        }
        else if ((BucketOf().Problem() ?? S3Bucket.ProblemOf(Prefix)) is { } problem)
        {
            yield return problem;
        }

        if (AccessKey.Length is 0 or > LongestKey || AccessKey.Any(letter => letter is <= ' ' or > '~' or '/' or ','))
        {
            yield return N("Enter the access key.");
        }
    }
}
