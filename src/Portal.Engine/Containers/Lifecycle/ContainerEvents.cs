using Portal.Engine.Events;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Publishes events about containers with Docker's attributes: the labels, the image, the name, and what the event adds.</summary>
internal sealed class ContainerEvents(IEngineEvents events)
{
    private const int MostLabelCharacters = 8 * 1024;

    public void Publish(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var attributes = new Dictionary<string, string>(Labels(container.Spec))
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

    /// <summary>Tells of each volume of a container: <c>mount</c> with its start, <c>unmount</c> with its end.</summary>
    public void PublishVolumes(Container container, string action)
    {
        foreach (var mount in container.Config.Mounts.Where(mount => mount.Type == "volume"))
        {
            var attributes = new Dictionary<string, string> { ["container"] = container.Id, ["driver"] = "local" };
            if (action == "mount")
            {
                attributes["destination"] = mount.Destination;
                attributes["propagation"] = "";
                attributes["read/write"] = mount.Writable ? "true" : "false";
            }

            events.Publish(EngineEventType.Volume, action, mount.Name, attributes);
        }
    }

    // Thousands of events are kept, each with all labels of its container: of labels that are a document, the first ones tell enough.
    private static IEnumerable<KeyValuePair<string, string>> Labels(ContainerSpec spec)
    {
        var left = MostLabelCharacters;
        foreach (var label in spec.Labels)
        {
            left -= label.Key.Length + label.Value.Length;
            if (left < 0)
            {
                yield break;
            }

            yield return label;
        }
    }
}
