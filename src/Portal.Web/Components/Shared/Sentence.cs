using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Web.Components.Shared;

/// <summary>
/// A sentence with elements in it, such as a link or a time. Languages put them at other places, so the sentence is one text, and
/// <c>{0}</c>, <c>{1}</c> and <c>{2}</c> say where the elements go.
/// </summary>
public sealed class Sentence : ComponentBase
{
    /// <summary>The sentence, translated already.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>What stands at <c>{0}</c>.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>What stands at <c>{0}</c> where there are more.</summary>
    [Parameter]
    public RenderFragment? First { get; set; }

    /// <summary>What stands at <c>{1}</c>.</summary>
    [Parameter]
    public RenderFragment? Second { get; set; }

    /// <summary>What stands at <c>{2}</c>.</summary>
    [Parameter]
    public RenderFragment? Third { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var text = Text.AsSpan();
        for (var at = text.IndexOf('{'); at >= 0 && at + 2 < text.Length && text[at + 2] == '}'; at = text.IndexOf('{'))
        {
            builder.AddContent(0, text[..at].ToString());
            builder.AddContent(1, text[at + 1] switch { '0' => ChildContent ?? First, '1' => Second, '2' => Third, _ => null });
            text = text[(at + 3)..];
        }

        builder.AddContent(2, text.ToString());
    }
}
