module gowasm/layout

go 1.21
