namespace Portal.Web.Backups.S3;

/// <summary>Who asks an S3 storage.</summary>
/// <param name="AccessKey">The public half.</param>
/// <param name="SecretKey">The half that signs, and is never sent.</param>
/// <param name="SessionToken">Of credentials that are lent for a while; else empty.</param>
internal sealed record S3Credentials(string AccessKey, string SecretKey, string SessionToken = "")
{
    // A record would print its secret.
    public override string ToString() => $"S3 credentials of {AccessKey}";
}
