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
