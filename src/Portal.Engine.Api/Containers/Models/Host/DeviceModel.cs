namespace Portal.Engine.Api.Containers.Models.Host;

/// <summary>Docker's <c>DeviceMapping</c>.</summary>
internal sealed record DeviceModel
{
    public string PathOnHost { get; set; } = "";

    public string PathInContainer { get; set; } = "";

    public string CgroupPermissions { get; set; } = "";
}
