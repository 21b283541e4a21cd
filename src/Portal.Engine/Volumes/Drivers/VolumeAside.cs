namespace Portal.Engine.Volumes.Drivers;

/// <summary>A folder that new files go into.</summary>
/// <param name="Folder">Leads there, whatever anybody renames, until this is disposed.</param>
/// <param name="Hold">What makes it so.</param>
public sealed record VolumeAside(string Folder, IDisposable Hold) : IDisposable
{
    /// <summary>Lets go of the folder; it stays.</summary>
    public void Dispose() => Hold.Dispose();
}
