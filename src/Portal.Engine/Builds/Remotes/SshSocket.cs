namespace Portal.Engine.Builds.Remotes;

/// <summary>Where an SSH agent listens, and for whom.</summary>
/// <param name="Path">Of the socket; nothing is there yet.</param>
/// <param name="Mode">Its permission bits.</param>
/// <param name="UserId">Its owner on this host.</param>
/// <param name="GroupId">Its group on this host.</param>
public sealed record SshSocket(string Path, int Mode, uint UserId, uint GroupId);
