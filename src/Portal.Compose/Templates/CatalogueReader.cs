using System.Text;
using System.Text.Json;
using Portal.Compose.Loading;
using Portal.Compose.Proposals;

namespace Portal.Compose.Templates;

/// <summary>
/// Reads what others offer as a catalogue, strictly: a Compose file with <c>x-template</c>, a list of such files as JSON
/// (<c>{"templates": [{"id": "...", "compose": "..."}]}</c>), or Portainer's app templates, version 2 and 3. What is wrong with one
/// template leaves that one out and is told.
/// </summary>
public static class CatalogueReader
{
    /// <summary>Templates of a catalogue at most.</summary>
    public const int MostTemplates = 500;

    /// <summary>Characters of a catalogue's file at most.</summary>
    public const int LongestFile = 4 * 1024 * 1024;

    private const int LongestId = 64;
    private const int MostNotes = 50;

    /// <exception cref="FormatException">It is no catalogue; says why.</exception>
    public static CatalogueContents Read(string name, string text)
    {
        if (text.Length > LongestFile)
        {
            throw new FormatException($"A catalogue has up to {LongestFile >> 20} MiB.");
        }

        var kept = new Kept();
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            ReadJson(text, kept);
        }
        else
        {
            kept.Add(Path.GetFileNameWithoutExtension(name), text);
        }

        return kept.Items.Count > 0 ? new CatalogueContents(kept.Items, kept.Notes)
            : throw new FormatException(kept.Notes.Count > 0 ? kept.Notes[0] : "There is no template in it.");
    }

    /// <summary>Puts files together, such as those of a repository.</summary>
    /// <exception cref="FormatException">There is none among them.</exception>
    public static CatalogueContents Read(IEnumerable<(string Name, string Text)> files)
    {
        var kept = new Kept();
        foreach (var (name, text) in files)
        {
            try
            {
                var contents = Read(name, text);
                foreach (var item in contents.Items)
                {
                    kept.Add(item);
                }

                kept.Note(contents.Notes);
            }
            catch (FormatException failure)
            {
                kept.Note([$"{name}: {failure.Message}"]);
            }
        }

        return kept.Items.Count > 0 ? new CatalogueContents(kept.Items, kept.Notes)
            : throw new FormatException(kept.Notes.Count > 0 ? kept.Notes[0] : "There is no template in it.");
    }

    /// <summary>A whole template of its head and the file that it is of; null with what is wrong when it is none.</summary>
    public static (string? Text, string Problem) Join(CatalogueItem item, string file)
    {
        // A document may begin with a mark; what is put before it must come after that.
        var body = file.StartsWith("---", StringComparison.Ordinal) && file.IndexOf('\n') is > 0 and var end ? file[(end + 1)..] : file;
        var text = $"{item.Text}\n{body}";
        var (template, problems) = TemplateReader.Read(item.Id, text, new ComposeLimits());
        return template is null ? (null, problems[0].Message) : (text, "");
    }

    private static void ReadJson(string text, Kept kept)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            root = document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new FormatException("It is no JSON that can be read.", failure);
        }

        var version = ((JsonElement?)root).Find("version");
        var isPortainer = version is { } given && given.ToString() is "2" or "3";
        if (version is not null && !isPortainer)
        {
            throw new FormatException("It says a version of app templates that is not known: 2 and 3 are.");
        }

        foreach (var item in ((JsonElement?)root).Items("templates"))
        {
            if (isPortainer)
            {
                kept.Take(PortainerTemplate.Read(item));
            }
            else if (item.Text("compose") is { Length: > 0 } compose)
            {
                kept.Add(item.Text("id"), compose);
            }
            else
            {
                kept.Note(["A template has neither 'compose', nor is the list one of app templates, which says its 'version'."]);
            }
        }
    }

    /// <summary>What is taken, each under a name of its own.</summary>
    private sealed class Kept
    {
        private readonly List<CatalogueItem> _items = [];
        private readonly List<string> _notes = [];

        public IReadOnlyList<CatalogueItem> Items => _items;

        public IReadOnlyList<string> Notes => _notes;

        public void Note(IEnumerable<string> notes) => _notes.AddRange(notes.Take(MostNotes - Math.Min(MostNotes, _notes.Count)));

        public void Take(PortainerTemplate read)
        {
            if (read.Text is not { } text)
            {
                Note([$"'{read.Title}' is left out: {read.Problem}"]);
            }
            else if (read.File is not null)
            {
                Add(new CatalogueItem(read.Title, text, read.File));
            }
            else
            {
                Add(read.Title, text);
            }
        }

        public void Add(string id, string text)
        {
            var (template, problems) = TemplateReader.Read(id, text, new ComposeLimits());
            if (template is null)
            {
                var plain = new string([.. id.Where(letter => !char.IsControl(letter)).Take(LongestId)]);
                Note([$"'{plain}' is left out: {problems[0].Message}"]);
                return;
            }

            Add(new CatalogueItem(id.Length > 0 ? id : template.Title, text));
        }

        public void Add(CatalogueItem item)
        {
            if (_items.Count == MostTemplates)
            {
                if (!_notes.Contains($"More than {MostTemplates} templates are left out."))
                {
                    _notes.Add($"More than {MostTemplates} templates are left out.");
                }

                return;
            }

            var plain = Plain(item.Id);
            var id = plain;
            for (var number = 2; _items.Any(other => other.Id == id); number++)
            {
                id = $"{plain}-{number}";
            }

            _items.Add(item with { Id = id });
        }

        private static string Plain(string text)
        {
            var plain = new StringBuilder();
            foreach (var letter in text.ToLowerInvariant().Take(LongestId))
            {
                if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
                {
                    plain.Append(letter);
                }
                else if (plain.Length > 0 && plain[^1] != '-')
                {
                    plain.Append('-');
                }
            }

            var name = plain.ToString().Trim('-');
            return name.Length > 0 ? name : "template";
        }
    }
}
