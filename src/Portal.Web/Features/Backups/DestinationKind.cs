namespace Portal.Web.Features.Backups;

/// <summary>What a destination is. Names are kept in the database: never rename one.</summary>
internal static class DestinationKind
{
    public const string Folder = "folder";
    public const string S3 = "s3";
}
