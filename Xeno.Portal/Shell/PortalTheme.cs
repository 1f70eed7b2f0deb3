using MudBlazor;

namespace Xeno.Portal.Shell;

/// <summary>
/// The portal's colours, defined once: as CSS variables for the static pages, and as values of MudBlazor's variables for the interactive
/// ones. CSS alone chooses light or dark (the system's preference, or <c>data-theme</c> on the root element); no page knows the mode.
/// </summary>
public static class PortalTheme
{
    private static readonly (string Name, string Light, string Dark)[] s_colours =
    [
        ("background", "#FAFBFB", "#0D1414"),
        ("surface", "#FFFFFF", "#131C1C"),
        ("sunken", "#F1F5F4", "#0A1010"),
        ("text", "#13201F", "#E6EFEE"),
        ("muted", "#536462", "#9DB1AE"),
        ("line", "#DCE5E4", "#263434"),
        ("line-strong", "#7B8D8B", "#627977"),
        ("accent", "#0B6E6E", "#5FD4C8"),
        ("accent-hover", "#095A5A", "#7EE0D6"),
        ("accent-ink", "#FFFFFF", "#04211F"),
        ("accent-soft", "#E4F1F0", "#11302E"),
        ("danger", "#B3261E", "#FF9A91"),
        ("danger-hover", "#8F1D17", "#FFB4AD"),
        ("danger-ink", "#FFFFFF", "#2B0603"),
        ("danger-soft", "#FBECEB", "#351615"),
        ("attention", "#7A4F00", "#F2C45A"),
        ("attention-soft", "#FCF3DE", "#32270C"),
        ("done", "#17643A", "#7BD6A0"),
        ("done-soft", "#E6F4EB", "#10301F"),
    ];

    /// <summary>MudBlazor's variables, and the colour of <see cref="s_colours"/> that each takes.</summary>
    private static readonly (string Mud, string Colour)[] s_mud =
    [
        ("primary", "accent"), ("primary-text", "accent-ink"), ("primary-darken", "accent-hover"), ("primary-lighten", "accent-hover"),
        ("error", "danger"), ("error-text", "danger-ink"), ("error-darken", "danger-hover"),
        ("warning", "attention"), ("success", "done"), ("info", "accent"),
        ("text-primary", "text"), ("text-secondary", "muted"), ("text-disabled", "muted"),
        ("action-default", "muted"), ("action-disabled", "muted"),
        ("action-disabled-background", "sunken"), ("action-default-hover", "sunken"),
        ("background", "background"), ("background-gray", "sunken"), ("surface", "surface"),
        ("lines-default", "line"), ("lines-inputs", "line-strong"), ("divider", "line"), ("divider-light", "line"),
        ("table-lines", "line"), ("table-hover", "sunken"), ("table-striped", "sunken"), ("skeleton", "line"), ("dark", "text"),
    ];

    /// <summary>The font of all text. Pages preload it.</summary>
    public const string Font = "fonts/inter.woff2";

    /// <summary>For <c>MudThemeProvider</c>: type, corners and the light palette, which the stylesheet overrides by mode.</summary>
    public static MudTheme Mud { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = Light("accent"), Error = Light("danger"), Background = Light("background"), Surface = Light("surface"),
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography
            {
                FontFamily = ["Inter", "system-ui", "sans-serif"], FontSize = "0.9375rem", LineHeight = "1.55", LetterSpacing = "0",
            },
            Button = new ButtonTypography { FontWeight = "550", TextTransform = "none", LetterSpacing = "0", FontSize = "0.9375rem" },
        },
    };

    /// <summary>The stylesheet with all variables, and with the fonts at the addresses that <paramref name="addressOf"/> gives.</summary>
    public static string Stylesheet(Func<string, string> addressOf) => string.Join('\n',
        FontFace("Inter", addressOf(Font), "400 700"),
        FontFace("\"JetBrains Mono\"", addressOf("fonts/jetbrains-mono.woff2"), "400"),
        ":root{color-scheme:light;" + Variables(dark: false) + "}",
        "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;" + Variables(dark: true) + "}}",
        ":root[data-theme=dark]{color-scheme:dark;" + Variables(dark: true) + "}",
        // A more specific selector than MudBlazor's ":root", which comes after this stylesheet.
        "html:root{" + string.Concat(s_mud.Select(pair => $"--mud-palette-{pair.Mud}:var(--xp-{pair.Colour});")) + "}");

    /// <summary>A colour as a value, for what no stylesheet of the portal reaches, such as a mail.</summary>
    /// <param name="name">Its name without prefix, for example <c>accent-ink</c>.</param>
    /// <param name="dark">The value of the dark theme.</param>
    public static string Colour(string name, bool dark)
    {
        var colour = s_colours.Single(colour => colour.Name == name);
        return dark ? colour.Dark : colour.Light;
    }

    private static string Light(string name) => Colour(name, dark: false);

    private static string FontFace(string family, string address, string weight)
        => $$"""@font-face{font-family:{{family}};src:url("{{address}}") format("woff2");font-weight:{{weight}};font-display:swap}""";

    private static string Variables(bool dark)
        => string.Concat(s_colours.Select(colour => $"--xp-{colour.Name}:{(dark ? colour.Dark : colour.Light)};"));
}
