namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>What a device changes of a container (<c>containerEdits</c>).</summary>
internal sealed record CdiEdits
{
    public List<string> Env { get; set; } = [];

    public List<CdiDeviceNode> DeviceNodes { get; set; } = [];

    public List<CdiHook> Hooks { get; set; } = [];

    public List<CdiMount> Mounts { get; set; } = [];

    public List<uint> AdditionalGids { get; set; } = [];
}
