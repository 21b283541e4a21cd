using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Updates.Checking;

/// <summary>A tag that containers were made of.</summary>
/// <param name="Name">Its parts.</param>
/// <param name="Nodes">The nodes by way of which its registry can be asked: they have an image that came from there, and are online.</param>
internal sealed record WantedTag(StackImage Name, List<Guid> Nodes)
{
    public string Repository => $"{Name.Registry}/{Name.Repository}";

    public string Image => $"{Repository}:{Name.Tag}";
}
