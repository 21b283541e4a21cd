using System.Text;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Expansion;

/// <summary>Collects what an expansion gives, as one word or split at blanks.</summary>
internal sealed class WordParts
{
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private readonly bool _splits;
    private bool _isBegun;
    private int _total;

    private WordParts(bool splits)
    {
        _splits = splits;
    }

    public static WordParts One() => new(splits: false);

    public static WordParts Many() => new(splits: true);

    public void Add(char letter) => AddQuoted(letter.ToString());

    /// <summary>Adds to the present word; an empty text begins one all the same, as <c>""</c> does.</summary>
    public void AddQuoted(string text)
    {
        Count(text);
        _word.Append(text);
        _isBegun = true;
    }

    /// <summary>Adds text whose blanks end words.</summary>
    public void AddSplitting(string text)
    {
        if (!_splits)
        {
            AddQuoted(text);
            return;
        }

        foreach (var letter in text)
        {
            if (char.IsWhiteSpace(letter))
            {
                End();
            }
            else
            {
                AddQuoted(letter.ToString());
            }
        }
    }

    public IReadOnlyList<string> Finish()
    {
        if (!_splits)
        {
            return [_word.ToString()];
        }

        End();
        return _words;
    }

    private void End()
    {
        if (_isBegun)
        {
            _words.Add(_word.ToString());
            _word.Clear();
            _isBegun = false;
        }
    }

    private void Count(string text)
    {
        _total += text.Length;
        if (_total > DockerfileLimits.MaxExpanded)
        {
            throw new DockerfileSyntaxException($"a word is over {DockerfileLimits.MaxExpanded} characters long once its variables are put in");
        }
    }
}
