using Portal.Engine.Volumes.Drivers;

namespace Portal.Testing.Engine;

/// <summary>Nothing is ever mounted, so nothing is replaced there.</summary>
public sealed class NoVolumePlacing : IVolumePlacing
{
    public VolumeAside Begin(string root, string name) => throw new NotSupportedException("Fakes mount nothing.");

    public void Place(string root, string name) => throw new NotSupportedException("Fakes mount nothing.");

    public void Settle(string root, string name) => throw new NotSupportedException("Fakes mount nothing.");
}
