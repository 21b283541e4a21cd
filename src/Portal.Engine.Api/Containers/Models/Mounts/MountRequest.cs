namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>One of <c>HostConfig.Mounts</c>: what <c>--mount</c> asks for.</summary>
internal sealed record MountRequest
{
    public string Type { get; set; } = "";

    public string Source { get; set; } = "";

    public string Target { get; set; } = "";

    public bool ReadOnly { get; set; }

    public MountBindOptions? BindOptions { get; set; }

    public MountTmpfsOptions? TmpfsOptions { get; set; }

    public MountVolumeOptions? VolumeOptions { get; set; }
}
