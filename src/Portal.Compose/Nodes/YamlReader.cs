using Portal.Compose.Loading;
using Portal.Compose.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Compose.Nodes;

/// <summary>
/// Reads YAML into nodes, from the parser's events: the parser's own tree has no bounds. Anchors, aliases and merge keys are resolved
/// here, and every value that an alias stands for counts again, so that a short text cannot become a large one.
/// </summary>
/// <remarks>One for all files of a project, since they share the bounds; not thread safe.</remarks>
internal sealed class YamlReader(ComposeLimits limits, ProblemList problems)
{
    private const string MergeKey = "<<";
    private const string CoreTag = "tag:yaml.org,2002:";

    private readonly Dictionary<string, ComposeNode> _anchors = new(StringComparer.Ordinal);
    private string _file = "";
    private int _nodes;
    private int _aliases;

    /// <returns>The documents that are there, in order; none when the file cannot be read.</returns>
    /// <exception cref="ComposeLimitException">A bound is passed.</exception>
    public IReadOnlyList<ComposeNode> Read(string file, string text)
    {
        _file = file;
        _aliases = 0;
        if (text.Length > limits.FileLength)
        {
            throw new ComposeLimitException(new Mark(file, 1, 1), "", $"The file has more than {limits.FileLength:N0} characters.");
        }

        var documents = new List<ComposeNode>();
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                _anchors.Clear();
                documents.Add(Value(parser, 0));
                parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException failure)
        {
            problems.Error(At(failure.Start), "", $"This is no YAML: {Words(failure)}");
            return [];
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // Some broken texts bring the parser's own state into disorder, which it says in this way.
            var at = parser.Current is { } last ? At(last.End) : new Mark(file, 1, 1);
            problems.Error(at, "", "This is no YAML: nobody can tell what follows here.");
            return [];
        }

        return documents;
    }

    private static string Words(YamlException failure)
    {
        var message = failure.InnerException is YamlException inner ? inner.Message : failure.Message;
        return message.Trim() is { Length: > 0 } words ? words : "something is missing or too much here.";
    }

    private Mark At(YamlDotNet.Core.Mark mark) => new(_file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private ComposeNode Value(Parser parser, int depth)
    {
        var at = At(parser.Current!.Start);
        if (depth > limits.Depth)
        {
            throw new ComposeLimitException(at, "", $"Values lie in each other more than {limits.Depth} deep.");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias, at, depth);
        }

        Count(1, at);
        var start = parser.Consume<NodeEvent>();
        ComposeNode value = start switch
        {
            SequenceStart sequence => List(parser, sequence, at, depth),
            MappingStart mapping => Map(parser, mapping, at, depth),
            Scalar scalar => ScalarOf(scalar, at),
            _ => throw new YamlException(start.Start, start.End, "This kind of value is unknown."),
        };
        if (!start.Anchor.IsEmpty)
        {
            CountAlias(at);
            _anchors[start.Anchor.Value] = value;
        }

        return value;
    }

    private ComposeNode Alias(AnchorAlias alias, Mark at, int depth)
    {
        CountAlias(at);
        if (!_anchors.TryGetValue(alias.Value.Value, out var value))
        {
            throw new YamlException(alias.Start, alias.End, $"there is no anchor '&{alias.Value.Value}' before it, or it is around it");
        }

        Count(value.Size, at);
        if (depth + Depth(value) > limits.Depth)
        {
            throw new ComposeLimitException(at, "", $"Values lie in each other more than {limits.Depth} deep.");
        }

        return value;
    }

    // Cheap, since what was read is no larger than the bound, and no alias is followed before its size is counted.
    private static int Depth(ComposeNode node) => node switch
    {
        ComposeList { Items.Count: > 0 } list => 1 + list.Items.Max(Depth),
        ComposeMap { Entries.Count: > 0 } map => 1 + map.Entries.Max(entry => Depth(entry.Value)),
        _ => 0,
    };

    private ComposeList List(Parser parser, SequenceStart start, Mark at, int depth)
    {
        var items = new List<ComposeNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(parser, depth + 1));
        }

        return new ComposeList(items, at, TagOf(start, at, "seq"));
    }

    private ComposeMap Map(Parser parser, MappingStart start, Mark at, int depth)
    {
        var own = new List<ComposeEntry>();
        var merged = new List<ComposeMap>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyAt = At(parser.Current!.Start);
            if (Value(parser, depth + 1) is not ComposeScalar key)
            {
                problems.Error(keyAt, "", "A key must be text.");
                Value(parser, depth + 1);
                continue;
            }

            var value = Value(parser, depth + 1);
            if (key.Text == MergeKey && key.Kind == ScalarKind.Text)
            {
                merged.AddRange(Merged(value));
            }
            else if (!names.Add(key.Text))
            {
                problems.Error(keyAt, key.Text, "This key is there twice in the same mapping.");
            }
            else
            {
                own.Add(new ComposeEntry(key.Text, keyAt, value));
            }
        }

        // What the mapping says itself wins over what it merges, and what it merges first over what it merges later.
        own.AddRange(merged.SelectMany(map => map.Entries).Where(entry => names.Add(entry.Key)));
        return new ComposeMap(own, at, TagOf(start, at, "map"));
    }

    private IEnumerable<ComposeMap> Merged(ComposeNode value)
    {
        switch (value)
        {
            case ComposeMap map:
                return [map];
            case ComposeList list when list.Items.All(item => item is ComposeMap):
                return list.Items.Cast<ComposeMap>();
            default:
                problems.Error(value.Mark, MergeKey, "Only a mapping, or a list of them, can be merged.");
                return [];
        }
    }

    private ComposeScalar ScalarOf(Scalar scalar, Mark at)
    {
        var tag = TagOf(scalar, at, "str", "int", "float", "bool", "null");
        var isText = scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == CoreTag + "str");
        return new ComposeScalar(scalar.Value, isText ? ScalarKind.Text : ScalarKinds.Of(scalar.Value), at, tag);
    }

    private NodeTag TagOf(NodeEvent start, Mark at, params ReadOnlySpan<string> core)
    {
        if (start.Tag.IsEmpty || start.Tag.IsNonSpecific)
        {
            return NodeTag.None;
        }

        switch (start.Tag.Value)
        {
            case "!reset":
                return NodeTag.Reset;
            case "!override":
                return NodeTag.Override;
            case var tag when tag.StartsWith(CoreTag, StringComparison.Ordinal) && core.Contains(tag[CoreTag.Length..]):
                return NodeTag.None;
            default:
                problems.Error(at, "", $"The tag '{start.Tag.Value}' is unknown; there are !reset and !override.");
                return NodeTag.None;
        }
    }

    private void CountAlias(Mark at)
    {
        if (++_aliases > limits.Aliases)
        {
            throw new ComposeLimitException(at, "", $"There are more than {limits.Aliases:N0} anchors and aliases.");
        }
    }

    private void Count(int nodes, Mark at)
    {
        _nodes = (int)Math.Min((long)_nodes + nodes, int.MaxValue);
        if (_nodes > limits.Nodes)
        {
            throw new ComposeLimitException(
                at, "", $"The project has more than {limits.Nodes:N0} values, with those that aliases stand for.");
        }
    }
}
