namespace Portal.Engine.Volumes;

/// <summary>A volume that stays, and stays mounted, until this is disposed.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Hold">Ends it.</param>
internal sealed record VolumeUse(string Folder, VolumeHold Hold) : IDisposable
{
    public void Dispose() => Hold.Dispose();
}
