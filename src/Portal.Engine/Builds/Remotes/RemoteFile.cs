namespace Portal.Engine.Builds.Remotes;

/// <summary>A file that was downloaded.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Hash">The SHA-256 of its content, 64 hexadecimal digits.</param>
/// <param name="Modified">When it last changed, by the server's word.</param>
internal sealed record RemoteFile(long Size, string Hash, DateTimeOffset? Modified);
