namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>What <c>--mount type=volume</c> asks for besides source and target.</summary>
internal sealed record MountVolumeOptions
{
    public bool NoCopy { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public MountDriverConfig? DriverConfig { get; set; }

    public string Subpath { get; set; } = "";
}
