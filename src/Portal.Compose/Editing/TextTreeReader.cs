using Portal.Compose.Loading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Compose.Editing;

/// <summary>Reads a file into what is written where. Aliases are not followed, so a short text stays small.</summary>
/// <remarks>One for a text; not thread safe.</remarks>
internal sealed class TextTreeReader(string text, ComposeLimits limits)
{
    private readonly Parser _parser = new(new StringReader(text));
    private int _nodes;

    /// <summary>The only document of the text; an empty text is nothing.</summary>
    /// <exception cref="TextTreeException">It can't be read, or is nothing that could be edited in parts.</exception>
    public TextNode Read()
    {
        if (text.Length > limits.FileLength)
        {
            throw new TextTreeException(TextProblemKind.TooLarge, 1, "");
        }

        try
        {
            _parser.Consume<StreamStart>();
            var root = TextNode.Nothing;
            if (_parser.TryConsume<DocumentStart>(out _))
            {
                root = Value(0, -1);
                _parser.Consume<DocumentEnd>();
            }

            return _parser.Accept<StreamEnd>(out _) ? root : throw new TextTreeException(TextProblemKind.SeveralDocuments, Here(), "");
        }
        catch (YamlException failure)
        {
            throw new TextTreeException(TextProblemKind.NoYaml, Math.Max(1, (int)failure.Start.Line), failure.Message);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // Some broken texts bring the parser's own state into disorder, which it says in this way.
            throw new TextTreeException(TextProblemKind.NoYaml, Here(), "");
        }
    }

    private int Here() => _parser.Current is { } last ? Math.Max(1, (int)last.Start.Line) : 1;

    private TextNode Value(int depth, int indent)
    {
        if (depth > limits.Depth || ++_nodes > limits.Nodes)
        {
            throw new TextTreeException(TextProblemKind.TooLarge, Here(), "");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Checked(new TextNode
            {
                Kind = TextKind.Alias,
                Start = (int)alias.Start.Index,
                End = (int)alias.End.Index,
                Line = Math.Max(1, (int)alias.Start.Line),
                Value = alias.Value.Value,
            });
        }

        var start = _parser.Consume<NodeEvent>();
        var node = new TextNode
        {
            Kind = TextKind.Scalar,
            Start = (int)start.Start.Index,
            End = (int)start.End.Index,
            Line = Math.Max(1, (int)start.Start.Line),
            Anchor = start.Anchor.IsEmpty ? "" : start.Anchor.Value,
            Tag = start.Tag.IsEmpty || start.Tag.IsNonSpecific ? "" : start.Tag.Value,
        };
        return start switch
        {
            Scalar scalar => Checked(WithEnd(node with { Value = scalar.Value, Style = scalar.Style }, indent)),
            SequenceStart sequence => List(node with { Kind = TextKind.List, IsFlow = sequence.Style == SequenceStyle.Flow }, depth),
            MappingStart mapping => Map(node with { Kind = TextKind.Map, IsFlow = mapping.Style == MappingStyle.Flow }, depth),
            _ => throw new TextTreeException(TextProblemKind.NoYaml, node.Line, ""),
        };
    }

    private TextNode List(TextNode node, int depth)
    {
        var items = new List<TextNode>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            // What stands in a list is further in than its dash.
            items.Add(Value(depth + 1, DashOf()));
        }

        var end = Closed(node, _parser.Consume<SequenceEnd>(), ']');
        return node with { Items = items, End = node.IsFlow || items.Count == 0 ? end : items[^1].End };
    }

    private TextNode Map(TextNode node, int depth)
    {
        var entries = new List<TextEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var column = (int)_parser.Current!.Start.Column - 1;
            var key = Value(depth + 1, column);
            if (key.Kind != TextKind.Scalar || key.IsBlockText)
            {
                throw new TextTreeException(TextProblemKind.StrangeKey, key.Line, "");
            }

            if (!names.Add(key.Value))
            {
                throw new TextTreeException(TextProblemKind.KeyTwice, key.Line, key.Value);
            }

            entries.Add(new TextEntry(key, Value(depth + 1, column)));
        }

        var end = Closed(node, _parser.Consume<MappingEnd>(), '}');
        return node with { Entries = entries, End = node.IsFlow || entries.Count == 0 ? end : entries[^1].Value.End };
    }

    // After the bracket, which the parser says the collection ends before.
    private int Closed(TextNode node, ParsingEvent end, char bracket)
    {
        var at = (int)end.Start.Index;
        return !node.IsFlow ? at
            : at >= 0 && at < text.Length && text[at] == bracket ? at + 1
            : throw new TextTreeException(TextProblemKind.NoPlaces, node.Line, "");
    }

    private int DashOf()
    {
        var at = Math.Min((int)_parser.Current!.Start.Index, text.Length) - 1;
        while (at >= 0 && text[at] is ' ' or '\t')
        {
            at--;
        }

        var dash = at;
        while (at >= 0 && text[at] is not ('\n' or '\r'))
        {
            at--;
        }

        return Math.Max(-1, dash - at - 1);
    }

    // The parser says of text in block style that it ends where the next thing begins, with comments and empty lines in between.
    private TextNode WithEnd(TextNode node, int indent)
    {
        if (!node.IsBlockText)
        {
            return node;
        }

        var head = LineEnd(node.Start);
        var keepsAll = text.AsSpan(node.Start, head - node.Start).IndexOf('+') >= 0;
        var end = head;
        for (var at = head; at < text.Length;)
        {
            var start = at + (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1);
            var stop = LineEnd(start);
            var line = text.AsSpan(start, stop - start);
            var isEmpty = line.Trim(' ').Length == 0;
            if (!isEmpty && line.Length - line.TrimStart(' ').Length <= indent)
            {
                break;
            }

            end = isEmpty && !keepsAll ? end : stop;
            at = stop;
        }

        return node with { End = end };
    }

    private int LineEnd(int at)
    {
        var end = at > text.Length ? -1 : text.AsSpan(at).IndexOfAny('\r', '\n');
        return end < 0 ? text.Length : at + end;
    }

    // Where the parser is wrong about a place, nothing may be written there: a text whose places can't be trusted is not edited at all.
    private TextNode Checked(TextNode node)
    {
        var isThere = node.Start >= 0 && node.Start <= node.End && node.End <= text.Length;
        var written = isThere ? text[node.Start..node.End] : "";
        var isRight = isThere && node switch
        {
            { IsNothing: true } => node.Anchor.Length + node.Tag.Length > 0 || written.Length == 0,
            { Anchor.Length: > 0 } or { Tag.Length: > 0 } => true,
            { Kind: TextKind.Alias } => written == "*" + node.Value,
            { Style: ScalarStyle.Plain } => written == node.Value || written.AsSpan().IndexOfAny('\r', '\n') >= 0,
            { Style: ScalarStyle.SingleQuoted } => written.Length >= 2 && written[0] == '\'' && written[^1] == '\'',
            { Style: ScalarStyle.DoubleQuoted } => written.Length >= 2 && written[0] == '"' && written[^1] == '"',
            { IsBlockText: true } => written.Length >= 1 && written[0] is '|' or '>',
            _ => false,
        };
        return isRight ? node : throw new TextTreeException(TextProblemKind.NoPlaces, node.Line, "");
    }
}
