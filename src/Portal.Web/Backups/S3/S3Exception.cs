namespace Portal.Web.Backups.S3;

/// <summary>A storage did not do what it was asked; the message says why, for people, without secrets.</summary>
internal sealed class S3Exception(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <value>As S3 names it, such as <c>NoSuchKey</c>; empty when none was told.</value>
    public string Code { get; init; } = "";
}
