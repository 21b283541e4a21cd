using Microsoft.AspNetCore.Components;
using Portal.Compose.Editing;

namespace Portal.Web.Features.Stacks.Pages.Form;

/// <summary>
/// A Compose file as a form. What is changed here changes its lines of the text and no others; what a form can't hold is shown with the
/// reason.
/// </summary>
public sealed partial class StackForm
{
    // Whoever has more of them reads the text.
    private const int Most = 100;
    private readonly string _id = $"form-{Guid.NewGuid():N}"[..13];
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private string _name = "";
    private string _image = "";
    private string? _said;
    private string? _error;
    private int _round;

    /// <summary>As it stands in the editor.</summary>
    [Parameter]
    [EditorRequired]
    public ComposeText File { get; set; } = ComposeText.Read("");

    /// <summary>Changes the text, and tells what was changed.</summary>
    [Parameter]
    [EditorRequired]
    public Func<Func<ComposeText, ComposeEdit?>, Task<ComposeEdit?>> Edit { get; set; } = _ => Task.FromResult<ComposeEdit?>(null);

    private static IEnumerable<(string Key, string Label)> Declared =>
        [("networks", T("Networks of the stack")), ("volumes", T("Volumes of the stack"))];

    protected override void OnInitialized()
    {
        if (File.Services is { Count: > 0 } services)
        {
            _opened.Add(services[0]);
        }
    }

    private string ImageOf(string service)
    {
        var image = File.Field("services", service, "image");
        return image.Text ?? image.Source;
    }

    private void Toggle(string service)
    {
        if (!_opened.Remove(service))
        {
            _opened.Add(service);
        }
    }

    private async Task ChangeAsync(Func<ComposeText, ComposeEdit?> change)
    {
        var edit = await Edit(change);
        if (edit is not null)
        {
            (_said, _error) = (T("Line {0} of the text is changed.", edit.Line), null);
        }
        else
        {
            // The fields are made anew, so that they show what stands in the text.
            _round++;
            (_said, _error) = (null, T(
                "This can't be changed without touching other lines, or the text has changed meanwhile. Change it in the text."));
        }
    }

    private async Task AddAsync()
    {
        var (name, image) = (_name.Trim(), _image.Trim());
        if (name.Length == 0 || image.Length == 0 || File.Services.Contains(name))
        {
            (_said, _error) = (null, T("A service needs an image, and a name that no other one has."));
            return;
        }

        await ChangeAsync(file => file.Services.Contains(name) ? null : file.Set(["services", name, "image"], image));
        if (_error is null)
        {
            _opened.Add(name);
            (_name, _image) = ("", "");
        }
    }
}
