using Portal.Engine.Events;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Publishes events about containers with Docker's attributes: the labels, the image, the name, and what the event adds.</summary>
internal sealed class ContainerEvents(IEngineEvents events)
{
    public void Publish(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var attributes = new Dictionary<string, string>(container.Spec.Labels)
        {
            ["image"] = container.Spec.Image,
            ["name"] = container.Record.Name,
        };
        foreach (var (name, value) in more)
        {
            attributes[name] = value;
        }

        events.Publish(EngineEventType.Container, action, container.Id, attributes);
    }
}
