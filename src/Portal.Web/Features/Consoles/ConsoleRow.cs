using Portal.Contracts.Consoles.V1;
using Portal.Web.Components.Shared;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Consoles;

/// <summary>A console in the list over all nodes.</summary>
public sealed record ConsoleRow(NodeState On, ConsoleInfo Console, string Place, bool MayEnd)
{
    public string Id => Console.Id;

    public string Name => Console.Name;

    public string Command => string.Join(' ', Console.Command);

    public string Owner => Console.Owner;

    public Guid NodeId => On.Id;

    public string Node => On.Name;

    public string Href => Console.Container.Length == 0
        ? $"nodes/{NodeId}/shell?session={Id}"
        : $"nodes/{NodeId}/containers/{Console.Container}/console?session={Id}";

    public string State => Console switch
    {
        { Exited: not null } => T("ended"),
        { Viewers.Count: 0 } => T("nobody looks"),
        _ => Plural(Console.Viewers.Count, "{0} looks", "{0} look"),
    };

    public StatusTone Tone => Console switch
    {
        { Exited: not null } => StatusTone.Neutral,
        { Viewers.Count: 0 } => StatusTone.Busy,
        _ => StatusTone.Good,
    };

    public string Hint => Console.Exited is { } exited
        ? Told(ConsoleWords.EndOf(exited))
        : string.Join(", ", Console.Viewers.Select(viewer => viewer.Person).Append(ConsoleWords.Of(Console.Sharing)));

    public DateTimeOffset StartedAt => Console.StartedAt.ToDateTimeOffset();

    public DateTimeOffset ActiveAt => Console.ActiveAt.ToDateTimeOffset();
}
