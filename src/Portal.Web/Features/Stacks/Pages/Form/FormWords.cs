using Portal.Compose.Editing;

namespace Portal.Web.Features.Stacks.Pages.Form;

/// <summary>Why something is shown and not edited, in words.</summary>
internal static class FormWords
{
    public static string Of(FieldLock hold) => hold switch
    {
        FieldLock.Alias => T("An alias: what it says stands at its anchor. Change it in the text."),
        FieldLock.Anchor => T("It has an anchor, so others may say the same. Change it in the text."),
        FieldLock.Tag => T("It has a tag. Change it in the text."),
        FieldLock.Variable => T("It has a variable. Change it in the text."),
        FieldLock.Lines => T("It has several lines. Change it in the text."),
        FieldLock.Structure => T("It is written in the long form. Change it in the text."),
        _ => "",
    };

    public static string Of(TextProblem problem) => problem.Kind switch
    {
        TextProblemKind.TooLarge => T("The file is too large for a form."),
        TextProblemKind.SeveralDocuments => T("The file has several documents, and a form shows one."),
        TextProblemKind.KeyTwice => T("Line {0}: the key '{1}' is there twice.", problem.Line, problem.Detail),
        TextProblemKind.StrangeKey => T("Line {0}: this key is no text of one line.", problem.Line),
        TextProblemKind.NoPlaces => T("Line {0}: here it is not certain where things stand in the text.", problem.Line),
        TextProblemKind.NoServices => T("Line {0}: services must be a mapping.", problem.Line),
        _ => T("Line {0}: this is no YAML.", problem.Line),
    };
}
