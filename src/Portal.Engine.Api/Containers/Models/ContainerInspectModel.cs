using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models.Mounts;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>The answer of <c>GET /containers/{id}/json</c>.</summary>
internal sealed record ContainerInspectModel
{
    public required string Id { get; init; }

    public required string Created { get; init; }

    public required string Path { get; init; }

    public required List<string> Args { get; init; }

    public required ContainerStateModel State { get; init; }

    public required string Image { get; init; }

    public string ResolvConfPath { get; init; } = "";

    public string HostnamePath { get; init; } = "";

    public string HostsPath { get; init; } = "";

    public string LogPath { get; init; } = "";

    public required string Name { get; init; }

    public int RestartCount { get; init; }

    public string Driver { get; init; } = "overlay2";

    public string Platform { get; init; } = "linux";

    public string MountLabel { get; init; } = "";

    public string ProcessLabel { get; init; } = "";

    public string AppArmorProfile { get; init; } = "";

    public List<string>? ExecIDs { get; init; }

    public required HostConfigModel HostConfig { get; init; }

    public GraphDriverModel GraphDriver { get; init; } = new();

    /// <summary>Bytes that it wrote; only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    /// <summary>The same with the image's size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    public required List<MountPoint> Mounts { get; init; }

    public required ContainerConfigModel Config { get; init; }

    public required NetworkSettingsModel NetworkSettings { get; init; }
}
