namespace Portal.Compose.Editing;

/// <summary>A change of a text at one place.</summary>
/// <param name="Start">Where it begins, in characters from 0.</param>
/// <param name="Length">How many characters go.</param>
/// <param name="Text">What comes in their place.</param>
public readonly record struct TextSplice(int Start, int Length, string Text)
{
    public string ApplyTo(string text) => string.Concat(text.AsSpan(0, Start), Text, text.AsSpan(Start + Length));
}
