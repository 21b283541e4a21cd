namespace Portal.Engine.Api.Containers.Models;

/// <summary>The body of <c>POST /containers/create</c>.</summary>
internal sealed record ContainerCreateRequest : ContainerConfigModel
{
    public HostConfigModel? HostConfig { get; set; }

    public NetworkingConfigModel? NetworkingConfig { get; set; }
}
