using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>What a run says: the newest of it, as text that any page can show.</summary>
/// <remarks>Any thread.</remarks>
internal sealed partial class JobLog
{
    private const int Most = 64 * 1024;
    private const string Cut = "… what was before is not kept\n";
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private bool _isCut;

    public void WriteLine(string line) => Append(line + "\n");

    /// <summary>Takes what a program wrote, wherever its characters are broken apart.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        lock (_lock)
        {
            var letters = new char[_decoder.GetCharCount(output, flush: false)];
            var count = _decoder.GetChars(output, letters, flush: false);
            Append(new string(letters, 0, count));
        }
    }

    /// <summary>Without colours, movements of a cursor, and other signs that are no text.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var text = Sequences().Replace(_text.ToString(), "");
            var plain = new StringBuilder(text.Length);
            foreach (var letter in text)
            {
                if (!char.IsControl(letter) || letter is '\n' or '\t')
                {
                    plain.Append(letter);
                }
            }

            // Half a pair of surrogates can't be written as UTF-8.
            plain.Replace("\uFFFE", "").Replace("\uFFFF", "");
            var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(plain.ToString()));
            return _isCut ? Cut + whole : whole;
        }
    }

    private void Append(string text)
    {
        lock (_lock)
        {
            _text.Append(text);
            if (_text.Length > Most)
            {
                _text.Remove(0, _text.Length - Most);
                _isCut = true;
            }
        }
    }

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)|[@-Z\\^_])", RegexOptions.NonBacktracking)]
    private static partial Regex Sequences();
}
